using file = open('a');
const size = file.size;
await using db = connect();
size;
