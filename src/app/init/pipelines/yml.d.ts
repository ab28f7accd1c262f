// A pipeline's file is text, as the bundler has it.
declare module "*.yml" {
  const text: string;
  export default text;
}
