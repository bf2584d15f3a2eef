import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { waitFor } from '../support/wait-for.ts'

/** One squid with three doors. */
export const squidPorts = { open: 3128, login: 3129, forbids: 3130 }
export const squidLogin = { name: 'somebody', password: 'p@ss word' }

export async function startSquid(
  folder: string,
  { address, nameServer, forbidden }: { address: string; nameServer: string; forbidden: string },
): Promise<AsyncDisposable> {
  const place = join(folder, 'squid')
  // It gives up its rights and still has to read here.
  await chmod(folder, 0o755)
  await mkdir(place, { mode: 0o755 })
  const { stdout } = await promisify(execFile)('openssl', ['passwd', '-apr1', squidLogin.password])
  await writeFile(join(place, 'passwords'), `${squidLogin.name}:${stdout}`)
  const config = join(place, 'squid.conf')
  await writeFile(
    config,
    `http_port ${address}:${squidPorts.open}
http_port ${address}:${squidPorts.login} name=login
http_port ${address}:${squidPorts.forbids} name=forbids
auth_param basic program /usr/lib/squid/basic_ncsa_auth ${join(place, 'passwords')}
auth_param basic children 1 startup=1
acl at_login myportname login
acl at_forbids myportname forbids
acl storage dstdomain ${forbidden}
acl known proxy_auth REQUIRED
http_access deny at_forbids storage
http_access deny at_login !known
http_access allow all
dns_nameservers ${nameServer}
connect_timeout 2 seconds
forward_max_tries 1
cache deny all
cache_log /dev/null
access_log none
pid_filename none
coredump_dir ${place}
shutdown_lifetime 0 seconds
`,
  )
  const squid = spawn('setpriv', ['--pdeathsig', 'KILL', 'squid', '-N', '-f', config], { stdio: 'ignore' })
  await waitFor('squid to answer', () => listens(address, squidPorts.forbids), { withinMs: 15_000 })
  return {
    async [Symbol.asyncDispose]() {
      if (squid.exitCode !== null || squid.signalCode !== null) return
      const gone = once(squid, 'exit')
      squid.kill('SIGKILL')
      await gone
    },
  }
}

async function listens(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
