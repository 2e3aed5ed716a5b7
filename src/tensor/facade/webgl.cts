// Answers `require('@tensorflow/tfjs-backend-webgl')`.
module.exports = require('./session.cjs')('webgl');
