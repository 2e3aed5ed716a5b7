// What of CUDA a TensorFlow wheel asks for, and which files of NVIDIA's wheels it uses.

/** The requirements of the extra `and-cuda`, such as `nvidia-cublas-cu12<13.0,>=12.5.3.2`, read from the wheel's metadata. */
export function cudaRequirements(metadata: string): string[] {
  const lines = metadata.matchAll(/^Requires-Dist: *([^;\n]+?) *; *(.+)$/gm);
  return [...lines]
    .filter(([, , marker]) => /extra *== *["']and-cuda["']/.test(marker!))
    .map(([, name]) => name!.replace(/[\s()]/g, ''));
}

/** The project's name of a requirement or of a wheel's file, as the index compares names. */
export function projectName(text: string): string {
  return (/^[A-Za-z0-9._]+(?:-(?!\d)[A-Za-z0-9._]+)*/.exec(text)?.[0] ?? text).replace(/[-_.]+/g, '-').toLowerCase();
}

/** TensorFlow looks for shared libraries in `nvidia/<part>/lib`, for ptxas in `bin` and for libdevice in `nvvm`. */
export function usedOfCuda(name: string): boolean {
  return /^nvidia\/[^/]+\/(lib\/[^/]+\.so[^/]*|bin\/.+|nvvm\/.+)$/.test(name);
}
