/**
 * Which extensions may start the native host: what the browsers' host manifests allow.
 * The Chromium id follows from the public key in extension/manifest.ts (a test compares them). Nobody holds the
 * private key: unpacked builds get this id, and a published build gets the one of its store, to be added here.
 */
export const chromiumExtensionId = 'nhdaheimgbdlmkbkebhkdolkokeppkmb'
export const firefoxExtensionId = 'activity-tracker@activity-tracker.org'
