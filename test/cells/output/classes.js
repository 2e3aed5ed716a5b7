// declares Point: class, Circle: class
// mentions nothing
// sync
(($$tensorcell) => { "use strict"; ;Point = class Point {
	x;
	y;
	static origin = new Point(0, 0);
	#length = 0;
	constructor(x, y) {
		this.x = x;
		this.y = y;
	}
	with(x) {
		return new Point(x, this.y);
	}
};
;Circle = class Circle extends Point {};
;return (new Circle(1, 2));

})
