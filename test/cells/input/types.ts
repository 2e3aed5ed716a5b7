interface Shape { area(): number }
type Pair<T> = [T, T];
declare const outside: number;
abstract class Base { abstract name: string; declare hidden: number; }
const pair = <T>(x: T): Pair<T> => [x, x];
let value = (outside as unknown)! satisfies unknown;
pair(value);
