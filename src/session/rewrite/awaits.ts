// Each `await` of the cell's own code goes through the session: so that an interrupt can reject it, and memory is given back there.
import type { AwaitExpression, Expression } from 'oxc-parser';
import type { Edits } from './edits.ts';
import { RESERVED } from './names.ts';
import type { Analysis } from './walk.ts';

/**
 * `await x` → `await $$tensorcell.await(x, at)`, or `await $$tensorcell.pause(x)` where `x` can't hang by itself; `for await (… of y)` →
 * `for await (… of $$tensorcell.each(y, at))`. `at` is where it stands, an offset into the JavaScript, for the error that comes from there
 * and knows nothing of the cell.
 */
export function guardAwaits(js: string, analysis: Analysis, edits: Edits): void {
  for (const node of analysis.awaits) {
    const after = node.start + 'await'.length;
    const head = (name: string) =>
      edits.replace(node.start, js.charAt(after) === ' ' ? after + 1 : after, `await ${RESERVED}.${name}(`);
    if (settlesAlone(node, analysis.asyncFunctions)) {
      head('pause');
      edits.close(node.end, ')');
    } else {
      head('await');
      edits.close(node.end, `, ${node.start})`);
    }
  }
  for (const { right } of analysis.awaitedLoops) {
    edits.open(right.start, `${RESERVED}.each(`);
    edits.close(right.end, `, ${right.start})`);
  }
}

/**
 * A guarded promise settles one microtask later than a plain one. What cannot hang by itself is waited for as it is, so that lessons on
 * the order of promises print what they print elsewhere: literals, `Promise.resolve(…)`, and the cell's own async functions, whose inner
 * awaits are guarded.
 */
function settlesAlone({ argument }: AwaitExpression, own: ReadonlySet<string>): boolean {
  let node: Expression = argument;
  while (node.type === 'ParenthesizedExpression') node = node.expression;
  if (node.type === 'Literal' || node.type === 'TemplateLiteral') return true;
  if (node.type === 'Identifier') return node.name === 'undefined';
  if (node.type !== 'CallExpression') return false;
  const { callee } = node;
  if (callee.type === 'Identifier') return own.has(callee.name);
  return (
    callee.type === 'MemberExpression' &&
    !callee.computed &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Promise' &&
    callee.property.type === 'Identifier' &&
    (callee.property.name === 'resolve' || callee.property.name === 'reject')
  );
}
