// declares Color: enum, Flag: enum
// mentions nothing
// sync
(($$tensorcell) => { "use strict"; ;Color = /* @__PURE__ */ function(Color) {
	Color[Color["Red"] = 0] = "Red";
	Color["Green"] = "g";
	return Color;
}({});
Color = /* @__PURE__ */ function(Color) {
	Color[Color["Blue"] = 5] = "Blue";
	return Color;
}(Color || {});
;Flag = /* @__PURE__ */ function(Flag) {
	Flag[Flag["On"] = 1] = "On";
	return Flag;
}({});
;return (Color.Red);

})
