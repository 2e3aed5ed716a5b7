// Answers `require('@tensorflow/tfjs-backend-webgpu')`.
module.exports = require('./session.cjs')('webgpu');
