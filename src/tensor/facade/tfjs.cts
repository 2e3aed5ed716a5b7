// Answers `require('@tensorflow/tfjs')`.
module.exports = require('./session.cjs')('tfjs');
