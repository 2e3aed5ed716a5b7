// Answers `require('@tensorflow/tfjs-core')`.
module.exports = require('./session.cjs')('core');
