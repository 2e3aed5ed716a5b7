// Answers `require('@tensorflow/tfjs-data')`.
module.exports = require('./session.cjs')('data');
