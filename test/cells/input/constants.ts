const fixed = 1;
fixed = 2;
({ fixed } = other);
earlierConstant++;
gone;
typeof gone;
earlierConstant;
