// Answers `require('@tensorflow/tfjs-backend-wasm')`.
module.exports = require('./session.cjs')('wasm');
