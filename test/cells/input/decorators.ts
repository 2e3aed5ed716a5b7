function logged(value: any, context: any) { return value; }
class Service {
  @logged run() { return 8; }
  accessor level = 1;
}
