enum Color { Red, Green = 'g' }
enum Color { Blue = 5 }
export const enum Flag { On = 1 }
Color.Red;
