import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

export type KeyPair = { key: string; cert: string }
export type Authority = {
  /** Its certificate, as a file. */
  file: string
  issue(host: string, validity?: { fromDay: string; toDay: string }): Promise<KeyPair>
}

/** A certificate authority made on the spot, with Debian's openssl. Days are written as 20260131. */
export async function createAuthority(folder: string, name: string): Promise<Authority> {
  const stem = join(folder, name.replaceAll(' ', '-'))
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const own = [
    '-x509',
    '-days',
    '3650',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    `${stem}.key`,
    '-out',
    `${stem}.pem`,
  ]
  await execute('openssl', ['req', ...curve, ...own])
  // `openssl ca` alone can set the days freely.
  const config = `${stem}.cnf`
  await writeFile(`${stem}.db`, '')
  await writeFile(
    config,
    `[ca]
default_ca = own
[own]
database = ${stem}.db
new_certs_dir = ${folder}
certificate = ${stem}.pem
private_key = ${stem}.key
rand_serial = yes
default_md = sha256
default_days = 30
unique_subject = no
copy_extensions = copy
policy = any
[any]
commonName = supplied
`,
  )
  return {
    file: `${stem}.pem`,
    async issue(host, validity) {
      const leaf = `${stem}-${host}`
      const asked = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`]
      await execute('openssl', ['req', ...curve, ...asked, '-keyout', `${leaf}.key`, '-out', `${leaf}.csr`])
      const days =
        validity === undefined
          ? []
          : ['-startdate', `${validity.fromDay}000000Z`, '-enddate', `${validity.toDay}000000Z`]
      const signed = ['-config', config, '-in', `${leaf}.csr`, '-out', `${leaf}.pem`, '-notext', '-batch']
      await execute('openssl', ['ca', ...signed, ...days])
      const [key, cert, ca] = await Promise.all(
        [`${leaf}.key`, `${leaf}.pem`, `${stem}.pem`].map(file => readFile(file, 'utf8')),
      )
      return { key: key ?? '', cert: `${cert}${ca}` }
    },
  }
}
