// The bundler and the tests load templates as text.
declare module "*.hbs" {
  const text: string;
  export default text;
}
