// Templates are loaded as text by the bundler and by the tests.
declare module "*.hbs" {
  const text: string;
  export default text;
}
