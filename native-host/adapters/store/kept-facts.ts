import type { ActivityFacts } from '../../activity/ports.ts'
import type { KeyFacts } from '../../config/ports.ts'
import type { DeliveryFacts } from '../../delivery/ports.ts'
import type { JournalFacts } from '../../journal/ports.ts'
import type { PrivacyFacts } from '../../privacy/ports.ts'
import type { ScreenshotFacts } from '../../screenshots/ports.ts'
import type { TrackingFacts } from '../../tracking/ports.ts'
import type { S3Facts } from '../destination/s3/ports.ts'

/** What all topics keep. */
export type KeptFacts = ActivityFacts &
  DeliveryFacts &
  JournalFacts &
  KeyFacts &
  PrivacyFacts &
  S3Facts &
  ScreenshotFacts &
  TrackingFacts
