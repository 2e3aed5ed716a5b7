{ using file = open('a'); file.read(); }
for (using part of parts) part.read();
