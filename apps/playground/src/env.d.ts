/// <reference types="vite/client" />

// For tools that know TypeScript only, such as ESLint; vue-tsc reads the components themselves.
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}
