namespace Shapes { export const sides = 4; export namespace Inner { export const n = 1; } }
function count() {}
namespace count { export const zero = 0; }
Shapes.sides;
