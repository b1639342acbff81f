package vcapi

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
	"hallmark/verifier"
	verifyweb "hallmark/verifier/web"
)

// Instance is a signer and how its routes answer.
type Instance struct {
	registrar.InstanceView
	ProofOnly bool // see the package: for conformance suites alone
}

// VCAPI is the door.
type VCAPI struct {
	Registrar *registrar.Registrar
	Published *registrar.Published
	Verifier  *verifier.Verifier // its Trust and Records are not asked
	Instances []Instance
}

// Mount adds the routes.
func (a *VCAPI) Mount(e *echo.Echo) {
	post := func(path string, h echo.HandlerFunc) { e.POST("/vc-api"+path, h, acceptsJSON, a.admitted) }
	post("/credentials/verify", a.verifyCredential)
	post("/presentations/verify", a.verifyPresentation)
	post("/:instance/credentials/verify", a.verifyCredential)
	post("/:instance/presentations/verify", a.verifyPresentation)
	post("/:instance/credentials/issue", a.issue)
	post("/:instance/credentials/derive", a.derive)
	post("/:instance/credentials/status", a.setStatus)
	e.GET("/vc-api/:instance/status-lists/:id", a.statusList)
	e.OPTIONS("/vc-api/:instance/status-lists/:id", a.preflight)
}

// keyInstance is under what the instance of a route is left in its context.
const keyInstance = "hallmark.vcapi.instance"

// admitted lets clients with the scope through, to an instance that there is.
func (a *VCAPI) admitted(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		by, err := web.CallerOf(c)
		if err != nil {
			return err
		}
		if err := a.Registrar.MayUseInstances(c.Request().Context(), by); err != nil {
			return err
		}
		if name := c.Param("instance"); name != "" {
			i := a.instance(name)
			if i == nil {
				return issuer.Refuse(issuer.NotFound, "There is no such instance.")
			}
			c.Set(keyInstance, i)
		}
		return next(c)
	}
}

func (a *VCAPI) instance(name string) *Instance {
	for i := range a.Instances {
		if string(a.Instances[i].ID) == name {
			return &a.Instances[i]
		}
	}
	return nil
}

// instanceOf gives the instance of a route; the zero one on routes without.
func instanceOf(c echo.Context) Instance {
	if i, ok := c.Get(keyInstance).(*Instance); ok {
		return *i
	}
	return Instance{}
}

// acceptsJSON refuses callers that want something else than JSON.
func acceptsJSON(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := web.Acceptable(c, "application/json", "application/problem+json", "application/ld+json"); err != nil {
			return err
		}
		return next(c)
	}
}

// statusList answers GET …/status-lists/{id}, for anyone: the signed list as it
// stands, also of an instance that is configured no more. Readers ask for JSON in
// several names; the bytes are the same.
func (a *VCAPI) statusList(c echo.Context) error {
	web.As(c, verifyweb.Data)
	c.Response().Header().Set("Cache-Control", "no-cache")
	c.Response().Header().Add("Vary", "Accept")
	media, err := web.Acceptable(c, "application/json", "application/vc", "application/vc+ld+json", "application/ld+json")
	if err != nil {
		return err
	}
	list, err := a.Published.InstanceList(c.Request().Context(), issuer.InstanceID(c.Param("instance")), issuer.InstanceListID(c.Param("id")))
	if err != nil {
		return err
	}
	return web.Bytes(c, media, list)
}

func (a *VCAPI) preflight(c echo.Context) error {
	web.As(c, verifyweb.Data)
	verifyweb.Preflight(c.Response().Header(), "GET, HEAD, OPTIONS")
	return c.NoContent(http.StatusNoContent)
}
