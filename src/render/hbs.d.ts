/** A layout in `templates/`, precompiled at build time (scripts/build/templates.ts). */
declare module '*.hbs' {
  const specification: TemplateSpecification;
  export default specification;
}
