// What other TensorFlow.js packages have and this session does not: every name is there, and using it says so.

/** An error that says which name is missing and what to do instead. */
const missing = (name: string, instead: string) => new Error(`tf.${name} is not available here: ${instead}`);

const noWebgl = 'WebGL needs a browser; tf.getBackend() names the backend in use';

/** The exports of @tensorflow/tfjs-backend-webgl. */
export const webglExports = {
  version_webgl: '4.22.0',
  MathBackendWebGL: class MathBackendWebGL {
    constructor() {
      throw missing('MathBackendWebGL', noWebgl);
    }
  },
  GPGPUContext: class GPGPUContext {
    constructor() {
      throw missing('GPGPUContext', noWebgl);
    }
  },
  setWebGLContext(): never {
    throw missing('setWebGLContext', noWebgl);
  },
  forceHalfFloat(): never {
    throw missing('forceHalfFloat', noWebgl);
  },
  gpgpu_util: namespaceOf('gpgpu_util', ['createFragmentShader', 'createVertexBuffer'], noWebgl),
  webgl_util: namespaceOf('webgl_util', ['callAndCheck', 'getWebGLErrorMessage'], noWebgl),
  webgl: namespaceOf('webgl', ['forceHalfFloat'], noWebgl),
};

const noWebgpu = 'this session has no WebGPU of TensorFlow.js; tf.getBackend() names the backend in use';

/** The exports of @tensorflow/tfjs-backend-webgpu. */
export const webgpuExports = {
  WebGPUBackend: class WebGPUBackend {
    constructor() {
      throw missing('WebGPUBackend', noWebgpu);
    }
  },
  webgpu_util: namespaceOf('webgpu_util', ['compilerProgram', 'makeShaderKey', 'flatDispatchLayout'], noWebgpu),
};

/** An object whose named members throw when they are read. Any other member is undefined, as in the original. */
function namespaceOf(name: string, members: readonly string[], instead: string): object {
  return new Proxy(Object.create(null) as object, {
    get: (target, key, receiver) => {
      if (typeof key === 'string' && members.includes(key)) throw missing(`${name}.${key}`, instead);
      return Reflect.get(target, key, receiver);
    },
  });
}
