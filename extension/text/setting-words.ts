import {
  describeLimits,
  type SettingName,
  type SettingRow,
  type SettingValue,
  settingRows,
} from '../../protocol/settings.ts'
import { text } from './catalogue.ts'
import { describeSeconds } from './durations.ts'

type IntegerRow = Extract<SettingRow, { type: 'integer' }>

/** `5 min`, `20 %`, `500 px`. */
export function describeInteger(value: number, unit: IntegerRow['unit']): string {
  switch (unit) {
    case 'seconds':
      return describeSeconds(value)
    case 'percent':
      return text.units.percent(value)
    case 'pixels':
      return text.units.pixels(value)
    case 'GB':
      return text.units.gigabytes(value)
    case 'kB/s':
      return value === 0 ? text.units.noLimit : text.units.kilobytesPerSecond(value)
    default:
      throw unit satisfies never
  }
}

/**
 * Where a slider stops. All but percent feel alike by ratio, not by difference: from 5 s to 10 s is as far as from
 * 30 min to an hour. Any value in between can be typed.
 */
export function sliderStops({ min, max, unit }: IntegerRow): number[] {
  if (unit === 'percent') return steps(min, max, 5)
  return [...new Set([min, ...roundValues[unit].filter(stop => stop > min && stop < max), max])]
}

const roundValues: Record<Exclude<IntegerRow['unit'], 'percent'>, readonly number[]> = {
  seconds: [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 2700, 3600],
  pixels: [50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000, 7500, 10_000],
  GB: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
  'kB/s': [
    10, 20, 50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 7500, 10_000, 20_000, 50_000, 100_000,
    200_000, 500_000, 1_000_000,
  ],
}

function steps(min: number, max: number, step: number): number[] {
  const first = Math.ceil(min / step) * step
  const between = Array.from(
    { length: Math.floor((max - first) / step) + 1 },
    (_, index) => first + index * step,
  )
  return [...new Set([min, ...between, max])]
}

/** The stop that is next to a value, as an index. */
export function nearestStop(stops: readonly number[], value: number): number {
  const distances = stops.map(stop => Math.abs(stop - value))
  return distances.indexOf(Math.min(...distances))
}

/** In letters of the control's width, which hold what is around each label too. */
const lineLength = 36
const aroundALabel = 4

/** Whether the labels of a choice have room beside each other without a break in any of them. */
export function fitsSideBySide(labels: readonly string[]): boolean {
  return labels.reduce((sum, label) => sum + label.length + aroundALabel, 0) <= lineLength
}

/** What to put in place of the value of a setting that only the computer may change. */
const placeholders: Partial<Record<SettingName, string>> = {
  folder: 'FOLDER',
  bucket_name: 'NAME',
  region: 'REGION',
  endpoint: 'URL',
  prefix: 'PREFIX',
}

export function settingCommand(name: SettingName): string {
  return `activity-tracker settings set ${name} ${placeholders[name] ?? 'VALUE'}`
}

/** A value in words, for where it is only read. */
export function describeValue(name: SettingName, value: SettingValue): string {
  const row: SettingRow = settingRows[name]
  switch (row.type) {
    case 'boolean':
      return value === true ? text.on : text.off
    case 'integer':
      return typeof value === 'number' ? describeInteger(value, row.unit) : String(value)
    case 'choice':
      return row.choices[String(value)] ?? String(value)
    case 'text':
      return String(value)
    default:
      throw row satisfies never
  }
}

/** What a field says that was given what its setting does not take. */
export function describeRefusal(name: SettingName, held: SettingValue): string {
  const row: SettingRow = settingRows[name]
  const enter =
    row.type === 'integer'
      ? text.setting.enterNumber({ min: row.min, max: row.max, unit: text.units.names[row.unit] })
      : text.setting.enter(describeLimits(row))
  const value = row.type === 'choice' ? describeValue(name, held) : String(held)
  return `${enter} ${value === '' ? text.setting.stillEmpty : text.setting.stillSet(value)}`
}
