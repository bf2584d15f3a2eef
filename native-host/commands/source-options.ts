import { type Command, Option } from 'commander'
import type { BucketOptions } from './context.ts'
import { text } from './text.ts'

const help = text.help.source

/** How buckets that are named as a source are reached, beside what the tracker's settings say. */
export type SourceOptions = {
  endpoint?: string
  region?: string
  profile?: string
  caFile?: string
  identity: string[]
}

/** For every command that reads what was delivered. */
export function addSourceOptions(command: Command): Command {
  return command
    .addOption(identityOption())
    .option('--endpoint <address>', help.endpoint)
    .option('--region <region>', help.region)
    .option('--profile <profile>', help.profile)
    .option('--ca-file <file>', help.caFile)
}

/** Of each command that opens something. */
export function identityOption(): Option {
  return new Option('--identity <file>', help.identity).argParser(collect).default([], help.ownIdentity)
}

export function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}

export function bucketOptions({ endpoint, region, profile, caFile }: SourceOptions): BucketOptions {
  return { endpoint, region, profile, caFile }
}
