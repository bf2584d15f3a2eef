/** The person pressed Ctrl+C at a question: the command undoes what it had begun, and ends as an interrupted one. */
export class Interruption extends Error {}
