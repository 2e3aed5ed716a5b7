// The look of a notebook's page, light and dark. No font, script or picture comes from elsewhere.

export const style = `
:root {
  color-scheme: light dark;
  --page: #fff; --text: #1c2024; --soft: #63697a; --line: #e3e6ec; --panel: #f6f7f9; --link: #0b62c4; --accent: #3178c6;
  --comment: #6a737d; --string: #0a6b3d; --number: #a3480b; --keyword: #8a2be2; --type: #0a6c8f; --function: #1d4ed8;
  --error: #fff4f3; --error-line: #e5484d; --warn: #fff9ec;
  --ansi-0: #3b4048; --ansi-1: #c62f34; --ansi-2: #18794e; --ansi-3: #946800; --ansi-4: #0b62c4; --ansi-5: #8145b5;
  --ansi-6: #0e7490; --ansi-7: #6b7280; --ansi-8: #6b7280; --ansi-9: #dc3d43; --ansi-10: #299764; --ansi-11: #b98900;
  --ansi-12: #2f7fe0; --ansi-13: #9a5cd0; --ansi-14: #1290b0; --ansi-15: #374151;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171c; --text: #e4e7ec; --soft: #98a1b2; --line: #2b313b; --panel: #1b2028; --link: #6cb0ff; --accent: #58a6ff;
    --comment: #8b949e; --string: #7fd6a4; --number: #f0a868; --keyword: #c9a2ff; --type: #6fd0e8; --function: #82b1ff;
    --error: #2a1a1c; --error-line: #f2555a; --warn: #262118;
    --ansi-0: #8a93a3; --ansi-1: #ff7b80; --ansi-2: #6fd19b; --ansi-3: #e6b450; --ansi-4: #6cb0ff; --ansi-5: #cfa0ff;
    --ansi-6: #5fd0e6; --ansi-7: #c9d1d9; --ansi-8: #98a1b2; --ansi-9: #ff9a9d; --ansi-10: #8fe3b4; --ansi-11: #f2cb7a;
    --ansi-12: #93c5ff; --ansi-13: #dcbcff; --ansi-14: #8be2f2; --ansi-15: #f0f3f6;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 860px; margin: 0 auto; padding: 48px 24px 96px; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 2px; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.8em 0 .5em; font-weight: 650; letter-spacing: -.01em; }
h1 { font-size: 2.1em; margin-top: 0; letter-spacing: -.02em; }
h2 { font-size: 1.45em; }
h3 { font-size: 1.15em; }
p, ul, ol, blockquote { margin: .8em 0; }
blockquote { border-left: 3px solid var(--accent); padding: .1em 1em; color: var(--soft); }
hr { border: 0; border-top: 1px solid var(--line); margin: 2.5em 0; }
img, svg, canvas, video { max-width: 100%; height: auto; }
pre, code, .math { font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .86em; }
pre code { font-size: inherit; }
p code, li code, td code, h1 code, h2 code, h3 code { background: var(--panel); border-radius: 4px; padding: .15em .35em; }
.math { color: var(--type); white-space: pre-wrap; }
.markdown pre, .source { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; }
.markdown pre { overflow-x: auto; }
.cell { margin: 1.2em 0; }
.source { position: relative; }
.source pre { margin: 0; line-height: 1.55; tab-size: 2; overflow-x: auto; }
.source .count { position: absolute; right: 1px; top: 1px; padding: 4px 10px; background: var(--panel); border-radius: 8px; color: var(--soft); font-size: .7em; user-select: none; }
.outputs { padding: 4px 0 0 17px; overflow-x: auto; }
.outputs > * { margin: 10px 0; }
.outputs pre { margin: 0; line-height: 1.45; max-height: 40em; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.outputs .stderr { background: var(--warn); border-radius: 6px; padding: 8px 12px; }
.outputs .error { background: var(--error); border-left: 3px solid var(--error-line); border-radius: 0 6px 6px 0; padding: 10px 14px; }
table { border-collapse: collapse; margin: .8em 0; font-size: .92em; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 12px; text-align: left; border-bottom: 1px solid var(--line); }
td:has(> img) { border: 0; }
thead th { border-bottom: 2px solid var(--line); color: var(--soft); font-weight: 600; }
.c { color: var(--comment); font-style: italic; } .s { color: var(--string); } .n { color: var(--number); }
.k { color: var(--keyword); } .t { color: var(--type); } .f { color: var(--function); }
footer { margin-top: 64px; color: var(--soft); font-size: .85em; border-top: 1px solid var(--line); padding-top: 12px; }
@media print { main { max-width: none; padding: 0; } .outputs pre { max-height: none; } .source, .outputs > * { break-inside: avoid; } }
`;
