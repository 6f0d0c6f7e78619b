/** Frameworks by module path; a port only where the framework listens on one without being told. */
export interface GoFramework {
  id: string;
  /** Module paths without their `/vN`. */
  modules: readonly string[];
  port?: number;
}

export const goFrameworks: readonly GoFramework[] = [
  // Engine.Run() without an address: https://pkg.go.dev/github.com/gin-gonic/gin#Engine.Run
  { id: 'gin', modules: ['github.com/gin-gonic/gin'], port: 8080 },
  { id: 'echo', modules: ['github.com/labstack/echo'] },
  { id: 'fiber', modules: ['github.com/gofiber/fiber'] },
  { id: 'chi', modules: ['github.com/go-chi/chi'] },
  // httpport of the default configuration: https://github.com/beego/beedoc
  { id: 'beego', modules: ['github.com/beego/beego', 'github.com/astaxie/beego'], port: 8080 },
  // App options' default address: https://gobuffalo.io/documentation/
  { id: 'buffalo', modules: ['github.com/gobuffalo/buffalo'], port: 3000 },
  // http.port of conf/app.conf: https://revel.github.io/manual/appconf.html
  { id: 'revel', modules: ['github.com/revel/revel'], port: 9000 },
  { id: 'iris', modules: ['github.com/kataras/iris'] },
  { id: 'gorilla', modules: ['github.com/gorilla/mux'] },
  { id: 'go-kit', modules: ['github.com/go-kit/kit'] },
  { id: 'go-zero', modules: ['github.com/zeromicro/go-zero'] },
  { id: 'kratos', modules: ['github.com/go-kratos/kratos'] },
  { id: 'gqlgen', modules: ['github.com/99designs/gqlgen'] },
  { id: 'grpc', modules: ['google.golang.org/grpc'] },
  { id: 'cobra', modules: ['github.com/spf13/cobra'] },
  { id: 'bubbletea', modules: ['github.com/charmbracelet/bubbletea'] },
  { id: 'wails', modules: ['github.com/wailsapp/wails'] },
  { id: 'fyne', modules: ['fyne.io/fyne'] },
  { id: 'ebitengine', modules: ['github.com/hajimehoshi/ebiten'] },
  { id: 'controller-runtime', modules: ['sigs.k8s.io/controller-runtime'] },
  { id: 'pocketbase', modules: ['github.com/pocketbase/pocketbase'] },
];

/** A module path without its major version: https://go.dev/ref/mod#major-version-suffixes */
export function withoutMajor(path: string): string {
  return path.replace(/\/v[2-9]\d*$|\/v1\d+$/, '');
}
