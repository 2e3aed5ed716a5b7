export default { name: 'config' };
export default function () { return 1; }
3;
