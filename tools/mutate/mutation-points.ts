import { type ESTree, parseSync } from 'vite'

export type Point = {
  kind: Kind
  /** What is replaced, in UTF-16 units of the file. */
  start: number
  end: number
  replacement: string
}

export type Kind =
  | 'arithmetic'
  | 'boundary'
  | 'comparison'
  | 'logical'
  | 'negation'
  | 'boolean'
  | 'extreme'
  | 'off by one'
  | 'removed'
  | 'empty'

/** Each operator and what takes its place. */
const operators: Record<string, [Kind, string][]> = {
  '+': [['arithmetic', '-']],
  '-': [['arithmetic', '+']],
  '*': [['arithmetic', '/']],
  '/': [['arithmetic', '*']],
  '%': [['arithmetic', '*']],
  '+=': [['arithmetic', '-=']],
  '-=': [['arithmetic', '+=']],
  '*=': [['arithmetic', '/=']],
  '/=': [['arithmetic', '*=']],
  '??=': [['logical', '=']],
  '++': [['arithmetic', '--']],
  '--': [['arithmetic', '++']],
  '<': [
    ['boundary', '<='],
    ['comparison', '>='],
  ],
  '<=': [
    ['boundary', '<'],
    ['comparison', '>'],
  ],
  '>': [
    ['boundary', '>='],
    ['comparison', '<='],
  ],
  '>=': [
    ['boundary', '>'],
    ['comparison', '<'],
  ],
  '===': [['comparison', '!==']],
  '!==': [['comparison', '===']],
  '&&': [['logical', '||']],
  '||': [['logical', '&&']],
}

/** Each method and what takes its place, when it is called on something. */
const methods: Record<string, string> = {
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  some: 'every',
  every: 'some',
  find: 'findLast',
  findLast: 'find',
}

/** A constant of thousands is a choice that a test would only repeat; a small one counts or points at something. */
const smallest = 10
/** They return lists: an empty one takes the place of what they return. */
const listMethods = new Set(['map', 'filter', 'flatMap', 'slice', 'toSorted', 'sort', 'concat'])

type Node = ESTree.Node
type TwoSided = { left: Node; right: Node; operator: string }

/** Every small change of a TypeScript file that its tests should notice, in the order of the file. */
export function mutationPoints(path: string, text: string): Point[] {
  const points: Point[] = []
  walk(parse(path, text), undefined, (node, parent) => {
    points.push(...pointsAt(node, parent, text))
  })
  return points
    .filter(point => point.start < point.end)
    .filter(point => parseSync(path, applyPoint(text, point)).errors.length === 0)
    .sort((a, b) => a.start - b.start || a.end - b.end)
}

export function applyPoint(text: string, { start, end, replacement }: Point): string {
  return text.slice(0, start) + replacement + text.slice(end)
}

function parse(path: string, text: string): ESTree.Program {
  const { program, errors } = parseSync(path, text)
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`)
  return program
}

/** Types are passed over: they are gone when the tests run. */
function walk(
  node: Node,
  parent: Node | undefined,
  visit: (node: Node, parent: Node | undefined) => void,
): void {
  if (node.type.startsWith('TS') && !('expression' in node)) return
  if (node.type === 'ImportDeclaration') return
  visit(node, parent)
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, node, visit)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function pointsAt(node: Node, parent: Node | undefined, text: string): Point[] {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
      return [...operatorPoints(node, text), ...defaultPoint(node)]
    case 'AssignmentExpression':
      return operatorPoints(node, text)
    case 'UpdateExpression': {
      const start = node.prefix ? node.start : node.argument.end
      return changed(node.operator, start, start + 2)
    }
    case 'UnaryExpression':
      return node.operator === '!' || node.operator === '-'
        ? [point('negation', node.start, node.argument.start, '')]
        : []
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement':
      return negated(node.test, text)
    case 'Literal':
      return literalPoints(node, parent)
    case 'CallExpression':
      return methodPoints(node)
    case 'ExpressionStatement':
      return node.directive === undefined || node.directive === null ? removed(node) : []
    case 'ThrowStatement':
    case 'ContinueStatement':
      return removed(node)
    case 'ReturnStatement':
      return node.argument ? emptied(node.argument) : removed(node)
    case 'ArrowFunctionExpression':
      return node.body.type === 'BlockStatement' ? [] : emptied(node.body)
    default:
      return []
  }
}

function point(kind: Kind, start: number, end: number, replacement: string): Point {
  return { kind, start, end, replacement }
}

function changed(operator: string, start: number, end: number): Point[] {
  const rows = Object.hasOwn(operators, operator) ? operators[operator] : undefined
  return (rows ?? []).map(([kind, replacement]) => point(kind, start, end, replacement))
}

function operatorPoints({ left, right, operator }: TwoSided, text: string): Point[] {
  if (operator === '+' && (isText(left) || isText(right))) return []
  const start = text.indexOf(operator, left.end)
  return start < right.start ? changed(operator, start, start + operator.length) : []
}

/** `a ?? b` without `b`. */
function defaultPoint({ left, right, operator }: TwoSided): Point[] {
  return operator === '??' ? [point('logical', left.end, right.end, '')] : []
}

/** A comparison has its own row, and so has what stands at the two sides of `&&`. */
function negated(test: Node, text: string): Point[] {
  const covered = ['BinaryExpression', 'LogicalExpression', 'UnaryExpression', 'Literal'].includes(test.type)
  return covered ? [] : [point('negation', test.start, test.end, `!(${text.slice(test.start, test.end)})`)]
}

function literalPoints(node: Extract<Node, { type: 'Literal' }>, parent: Node | undefined): Point[] {
  if (parent?.type === 'Property' && parent.key === node) return []
  if (typeof node.value === 'boolean') return [point('boolean', node.start, node.end, `${!node.value}`)]
  if (typeof node.value !== 'number' || !Number.isInteger(node.value) || node.value > smallest) return []
  return [point('off by one', node.start, node.end, `${node.value + 1}`)]
}

function methodPoints({ callee }: ESTree.CallExpression): Point[] {
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
    return []
  const { name, start, end } = callee.property
  const other = Object.hasOwn(methods, name) ? methods[name] : undefined
  return other === undefined ? [] : [point('extreme', start, end, other)]
}

function removed({ start, end }: Node): Point[] {
  return [point('removed', start, end, ';')]
}

/** A text or a list that is returned, without what is in it. */
function emptied(value: Node): Point[] {
  if (isText(value)) return [point('empty', value.start, value.end, "''")].filter(() => !isEmptyText(value))
  if (value.type === 'ArrayExpression' && value.elements.length > 0)
    return [point('empty', value.start, value.end, '[]')]
  if (value.type !== 'CallExpression' || value.callee.type !== 'MemberExpression') return []
  const { property } = value.callee
  return property.type === 'Identifier' && listMethods.has(property.name)
    ? [point('empty', value.start, value.end, '[]')]
    : []
}

function isText(node: Node): boolean {
  return node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string')
}

function isEmptyText(node: Node): boolean {
  return node.type === 'Literal' && node.value === ''
}
