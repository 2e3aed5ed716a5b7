// Colours of the editor as parameters of SGR: the terminal's own sixteen, so that they suit its background. Without colours (NO_COLOR) what
// is not a colour stays: bold, dim, underlined, inverse.

/** https://no-color.org */
export const coloured = !process.env.NO_COLOR;

const colour = (code: string, plain = '') => (coloured ? code : plain);

export const STYLES = {
  prompt: colour('32'),
  keyword: colour('35'),
  string: colour('32'),
  regexp: colour('31'),
  number: colour('36'),
  comment: colour('90', '2'),
  function: colour('34'),
  type: colour('33'),
  magic: colour('95'),
  bracket: colour('1;36', '1;4'),
  fault: colour('4;31', '4'),
  ghost: colour('90', '2'),
  hint: colour('90', '2'),
  strong: '1',
  menu: colour('48;5;236;37', ''),
  chosen: colour('48;5;24;97', '7'),
  error: colour('31'),
} as const;

/** Two styles at once. */
export function both(one: string, other: string): string {
  return one === '' ? other : other === '' ? one : `${one};${other}`;
}
