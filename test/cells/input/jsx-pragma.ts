/** @jsx h */
const h = (tag: string) => tag;
<p/>;
