// What a cell imports as 'tensorcell/data'.
export { DataError, type IdxArray, readIdx } from './idx.ts';
export { type DigitArrays, type DigitTensors, type MnistOptions, mnist, type Split } from './mnist.ts';
