class Point {
  static origin = new Point(0, 0);
  #length = 0;
  constructor(public x: number, private y: number) {}
  with(x: number): Point { return new Point(x, this.y); }
}
class Circle extends Point {}
new Circle(1, 2);
