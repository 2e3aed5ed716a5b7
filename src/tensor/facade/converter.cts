// Answers `require('@tensorflow/tfjs-converter')`.
module.exports = require('./session.cjs')('converter');
