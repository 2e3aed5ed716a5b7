// Answers `require('@tensorflow/tfjs-layers')`.
module.exports = require('./session.cjs')('layers');
