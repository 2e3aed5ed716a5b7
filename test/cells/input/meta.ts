const here = import.meta.dirname;
new URL('./x', import.meta.url);
const late = await import('./late.ts');
here;
