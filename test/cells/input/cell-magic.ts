%%writefile notes.txt
const not = `code
