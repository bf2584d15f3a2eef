/** What `help` and docs/command-line.md say of each command: a summary, a description, and each argument and option. */
export const help = {
  program: {
    description: 'Controls the activity tracker of this account.',
    version: 'print the version',
    json: 'print the result as JSON, and an error as a JSON object on stderr',
    help: 'print this help',
    after: '\nExit codes and JSON output: docs/command-line.md',
  },
  start: {
    summary: 'start the tracker, and begin recording once you agree',
    description:
      'Starts the tracker. It runs until "stop", with or without a browser. The first time, it shows what is recorded, ' +
      'where it goes and who can open it, and asks for your agreement. Nothing is recorded before you agree.',
    acknowledge: 'agree without being asked: I have read what is recorded and agree to it',
  },
  stop: {
    summary: 'save everything and stop the tracker',
    description:
      'Saves and encrypts everything, uploads what it can, and stops the tracker. The rest uploads after the next start. ' +
      'It is not an error if the tracker is not running. A browser with the extension starts it again.',
  },
  status: {
    summary: 'show what is being recorded and where it goes',
    description:
      'Shows whether tracking is on and, if not, why. It also shows what was counted today, what is waiting to upload ' +
      'and where it goes, who can open it, and where the files and the log are.',
  },
  doctor: {
    summary: 'find out what is wrong, step by step up to the destination',
    description:
      'Checks the tracker, its keys, its disk and its queue. Then it tests the connection to the destination: network, ' +
      'address lookup, proxy, port, certificate, server, and bucket or folder. It names the first problem and what to do ' +
      'about it, and exits with the code of that problem. It changes nothing and leaves nothing behind. If the tracker ' +
      'is running, the tracker runs the test with its own proxies and credentials; otherwise this command does.',
  },
  pause: {
    summary: 'record nothing for a while',
    description:
      'Stops counting and taking screenshots until the pause ends. Everything recorded before is kept.',
    duration: '15m, 1h30m, 2d, or tomorrow (the next midnight); without it, the pause lasts until you resume',
  },
  resume: {
    summary: 'end a pause',
    description:
      'Ends a pause at once, and says whether tracking has resumed. It is not an error if there was no pause.',
  },
  screenshot: {
    summary: 'take a screenshot now',
    description:
      'Takes one screenshot of every screen now, blurred and encrypted like any other. If a screen is blurred although ' +
      'blurring is off, it says why.',
  },
  confirm: {
    summary: 'answer a request from a browser',
    description:
      'Some things a browser can only request, so that a hijacked browser cannot do them unseen. A request waits ten ' +
      'minutes for your answer, here or in the window that appears on the desktop. Without a code, this shows the ' +
      'request that is waiting.',
    code: 'the code that the browser shows, such as 7K4Q',
    yes: 'allow it without being asked',
    no: 'refuse it without being asked',
  },
  undo: {
    summary: 'undo a change that protects you less',
    description:
      'Restores the settings that the last change made weaker, and withdraws your agreement if it was part of that ' +
      'change. Settings that you have made stronger since then stay as they are. Repeat it to go back further.',
    all: 'undo all such changes, not just the last one',
  },
  unlock: {
    summary: 'show unblurred screenshots in browsers for ten minutes',
    description:
      'Browsers show held screenshots that are not blurred only after you allow it outside the browser: with this ' +
      'command, or with "confirm" when a browser has asked. After ten minutes they are hidden again.',
  },
  settings: {
    summary: 'show or change the settings',
    description:
      'Shows or changes the settings; docs/settings.md lists them. A running tracker applies changes at once.',
    name: 'the name of a setting',
    get: {
      summary: 'show all settings, or one with its limits',
      description:
        'Shows all settings. With a name, it prints only the value on stdout, and its limits on stderr.',
    },
    set: {
      summary: 'change a setting',
      description:
        'Changes a setting permanently. A running tracker makes the change; otherwise it goes straight into the ' +
        'configuration file.',
      value: 'true or false, a number, a word or a text; "" clears a text',
    },
  },
  keys: {
    summary: 'manage who can open your records',
    description:
      'Everything is encrypted for the recipients, which are public age keys. The identity of a recipient is its private ' +
      'key. It opens everything that was encrypted since that recipient was added. A running tracker applies changes at ' +
      'once.',
    new: {
      summary: 'create a key',
      description:
        'Creates an identity and adds its recipient. The identity stays on this computer. With --out it is only in that ' +
        'file, and this computer can encrypt but not open. An existing identity is never overwritten.',
      out: 'save the identity in this file, and only the recipient on this computer',
    },
    show: {
      summary: 'show the recipients',
      description:
        'Shows who everything is encrypted for, whether this computer can open it, and the public key that this computer ' +
        'signs its records with.',
    },
    addRecipient: {
      summary: 'let another person open what is recorded from now on',
      description:
        'Adds a recipient, who can open everything that is recorded from now on, but nothing that was encrypted before.',
      recipient: 'such as age1…; its owner finds it with: activity-tracker keys show',
    },
    export: {
      summary: 'save the identity as a recovery file',
      description:
        'Saves the identity of this computer as a recovery file, which opens everything on any computer.',
      file: 'the new file; an existing file is never overwritten',
      forgetHere: 'then delete the identity from this computer, which can still encrypt but no longer open',
    },
    confirm: {
      summary: 'accept the keys found on this computer',
      description:
        'Use this when the key files have changed, or when the tracker has lost its record of the confirmed keys. It shows ' +
        'the keys that it finds and asks; they are used as soon as you accept them. Until then, everything is encrypted ' +
        'for the recipients confirmed before. In a script, give the code that "keys show" prints. The code changes ' +
        'whenever the keys change.',
      code: 'accepts the keys shown with this code, without asking',
    },
    restore: {
      summary: 'restore the confirmed list of recipients',
      description:
        'Writes the recipients that were confirmed last back into the list. The list found there is kept under another ' +
        'name.',
    },
  },
  credentials: {
    summary: 'store credentials for the bucket on this computer',
    description:
      'Stores credentials in the keychain of the system or in a file, for when the AWS tools have none. It asks for ' +
      'secrets or reads them from standard input. It never takes them as arguments.',
    proxy: 'the user name and password for the proxy setting instead',
    set: {
      summary: 'enter credentials and store them',
      description:
        'Asks for the access key ID, the secret access key and a session token, or reads them from standard input, one ' +
        'per line. They go into the keychain, and the credentials setting changes so that they are used. A running ' +
        'tracker uses them within ten minutes.',
      file: 'store them in a file that only you can read, where there is no keychain',
    },
    show: {
      summary: 'show which credentials are stored, and which are used',
      description:
        'Shows what is stored where, without the secrets, and where the credentials for the bucket come from.',
    },
    forget: {
      summary: 'delete the stored credentials',
      description:
        'Deletes them from the keychain and from the file. Credentials of the AWS tools are not touched.',
    },
  },
  import: {
    summary: 'import settings and credentials from a config.txt',
    description:
      'Reads an INI file with a [settings] section, as earlier trackers used it. It imports the settings that are valid ' +
      'and lists the others. Credentials go into a separate file that only you can read, and are never shown. If ' +
      'anything is refused, the exit code is 65; names that the tracker does not know are ignored.',
    file: 'such as config.txt; - reads standard input',
  },
  source: {
    identity:
      'an identity file to open them with, such as the recovery file; repeat it for more. If a passphrase protects it, you ' +
      'are asked for it in the terminal',
    ownIdentity: 'the identity on this computer',
    endpoint: 'for a bucket: the address of its S3-compatible server, if it is not at AWS',
    region: 'for a bucket: its region',
    profile: 'for a bucket: the profile of the AWS tools whose credentials are used',
    caFile: 'for a bucket: a file of additional CA certificates to trust',
    bucket:
      '\n\nA source can be a bucket: s3://BUCKET/PREFIX. Reading needs the rights s3:ListBucket and s3:GetObject. What the ' +
      'options do not say comes from the variables AWS_ACCESS_KEY_ID, AWS_PROFILE and HTTPS_PROXY, and then from the ' +
      'settings of the tracker on this computer, if there is one.',
  },
  open: {
    summary: 'open encrypted files',
    description:
      'Opens files as they were uploaded. It prints records on stdout as NDJSON, one record a line. It saves screenshots ' +
      'as pictures and prints where. Nothing is changed, and the tracker need not be running. To open many, use ' +
      '`activity-tracker restore`.',
    paths:
      'encrypted files (.age), or folders and buckets, whose files are opened in order; - reads one from standard input',
    out: 'the folder for screenshots; it is created if it is missing',
  },
  export: {
    summary: 'save all that the tracker has about you, decrypted, with a page to begin with',
    description:
      'Saves everything about you in a new folder, decrypted and readable: records and screenshots, those that still wait ' +
      'here too, settings, your consent and other choices, public keys, totals and the log. index.html says what is in which file ' +
      'and what is not in it. The tracker may run meanwhile. Nothing is sent anywhere, and the exit code is 65 if a file ' +
      'could not be opened.',
    to: 'the folder to make; what is there already is never overwritten',
    fromDestination: 'read the bucket too, with your own credentials; without it, you are asked',
  },
  report: {
    summary: 'show your days: time, activity, pauses, gaps and screenshots',
    description:
      'Reads what was uploaded and shows for each person, device and day how long there was activity, how much of the time ' +
      'had input, and what was idle, paused, missing or flagged, and why. Everything is checked as "verify" does. Without a ' +
      'source it reads where this computer uploads to. What was read is kept on this computer, decrypted, so that the ' +
      'next report reads only what is new.',
    sources: 'a folder, a file, or s3://BUCKET/PREFIX',
    week: 'only this week, such as 2026-W48',
    month: 'only this month, such as 2026-11',
    from: 'from this date on, such as 2026-11-23',
    to: 'up to this date',
    device: 'only this device; can be repeated',
    groupBy: 'one line for each',
    format:
      'table for a terminal; html for a page to open in a browser; the others for spreadsheets and databases ' +
      '(docs/reading.md)',
    pictures: 'of html: the screenshots in the page, in a folder beside it, or left out',
    table: 'which table csv, ndjson and parquet hold',
    out: 'save it in this file, which must not exist yet',
    open: 'save it as html and open it in your browser',
    clearCache: 'delete what earlier reports kept; without a source, do nothing else',
  },
  verify: {
    summary: 'find what was changed in or removed from uploads, and explain the gaps',
    description:
      'Opens everything that was uploaded and follows the chain of records. It names each changed, missing or moved ' +
      'record, each foreign signature and each missing screenshot, and lists each gap with its cause. It says up to ' +
      'which time everything is proven. It cannot see whether the end was cut off; docs/verify.md says what it proves and ' +
      'what it does not. The exit code is 0 if nothing is wrong and 65 otherwise. Nothing is changed, ' +
      'and the tracker need not be running.',
    paths: 'folders with uploaded files, single files (.age), or buckets',
    fingerprint: 'of a proof: the fingerprint that the sender gave you',
    heads: 'of a proof: a file with heads that the sender gave you earlier, one on each line',
    key:
      'the public key of the device, as `activity-tracker keys show` prints it. Repeat it for more devices; each key must ' +
      'be found. If a device has replaced its key, write both with a comma: OLD,NEW. Without it, the first key that ' +
      'signs is trusted',
  },
  share: {
    summary: 'make a proof of chosen days that others can check',
    description:
      'Makes one page, proof.html, from what was uploaded. It shows the chosen days and hours with their signed records, ' +
      'and of all other minutes between them only the signed heads. A client or an auditor opens it in a browser, without ' +
      'a network and with nothing installed, and sees what was measured, withheld, missing, flagged and deleted. It says ' +
      'first what will be handed over, and prints a fingerprint to tell the reader. Send the reader the output of ' +
      '--heads now and then while the work is done: only that binds you to this history. docs/proof.md says what a ' +
      'proof shows and what it does not.',
    paths: 'folders with uploaded files, single files (.age), or buckets',
    from: 'the first date, such as 2026-11-23',
    until: 'the last date; without it, that of --from',
    only: 'only these hours of each day, such as 09:00-17:00, by your clock at that time. Repeat it for more',
    without: 'leave out the screenshots',
    device: 'only this device. Repeat it for more',
    for: 'encrypt the page for this age recipient. Repeat it for more',
    out: 'the new file; without it, proof.html or proof.html.age',
    heads: 'only print the newest signed head of each device, as a line to send to the reader',
    yes: 'do not ask',
  },
  detect: {
    summary: 'find scripted input in recordings',
    description:
      'Reads recordings of input (columns s,t,e,x,y,b; see docs/detection.md) and prints one line of JSON for each ' +
      'stretch that does not look like a person: its start and end, when a tracker would have flagged it, and the ' +
      'evidence. Nothing is stored or sent, and the tracker need not be running.',
    files: 'recordings as .csv or .csv.gz; - reads one from standard input',
    record:
      'instead of reading, record your own input into a new file until you press Ctrl+C. The running tracker shows that ' +
      'this is happening. The file does not say which keys you press',
    summaryOption: 'print one line for each session instead',
    strictness: 'how little evidence is enough',
    jump: 'as scripted_activity_threshold: pointer steps of at least this length count as jumps',
  },
  separate: {
    summary: 'make a folder for a second tracker',
    description:
      'Makes a folder for a second tracker of this account, with its own keys and records, such as for a test. ' +
      'ACTIVITY_TRACKER_HOME selects it, and it selects no folder that this command has not made. Without the variable, ' +
      'every command and every browser uses your own tracker.',
    folder: 'a new or empty folder, or one in which a tracker has been before',
  },
  install: {
    summary: 'connect the tracker to the browsers of this account',
    description:
      'Registers the tracker with the browsers that it finds, for this account only, so that the extension can start it. ' +
      'Run it again after you move the tracker or its Node runtime.',
    browser: 'only these, even if they are not found',
  },
  uninstall: {
    summary: 'remove everything that install wrote',
    description:
      'Stops the tracker and removes what "install" wrote: the registrations with browsers, the launcher and the command. ' +
      'Records, settings, keys and keychain entries stay, and it says where. With --purge it deletes them too, after it ' +
      'has listed them with their sizes and asked.',
    purge: 'also delete records, settings, keys and keychain entries, permanently',
    yes: 'with --purge: do not ask',
    undelivered: 'with --purge: also delete what was never uploaded',
  },
  help: {
    summary: 'print the help of a command',
    description: 'Prints the help of a command, such as "settings set".',
    words: 'the words of the command',
  },
}
