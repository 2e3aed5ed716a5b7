const n = 1;
if (n) { 3; }
