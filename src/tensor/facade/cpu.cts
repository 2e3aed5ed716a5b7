// Answers `require('@tensorflow/tfjs-backend-cpu')`.
module.exports = require('./session.cjs')('cpu');
