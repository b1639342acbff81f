package public_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"hallmark/issuer"
	"hallmark/issuer/issuertest"
	"hallmark/issuer/registrar"
	"hallmark/issuer/web"
)

// BenchmarkRoutes measures what one answer costs, without the network. The
// floor is the same middleware around an answer that is always the same.
func BenchmarkRoutes(b *testing.B) {
	s := issuertest.New(b, issuertest.Options{})
	r, err := s.Registrar.RecordCompletion(b.Context(), issuer.Caller{System: "test"}, registrar.NewCompletion{
		Person: registrar.PersonRef{ID: s.People["learner"]}, Module: "M1"})
	if err != nil {
		b.Fatal(err)
	}
	badge := "/v/" + string(r.Credentials[0].ID)
	signed := s.Send(b, "nobody", "GET", badge+".json", "").Want(b, 200).Body
	constant := bytes.Repeat([]byte("x"), 20_000)
	s.Echo.GET("/v/floor/floor", func(c echo.Context) error { return c.Blob(200, "text/html; charset=utf-8", constant) })
	h := web.Handler(s.Echo, s.URL)
	for _, route := range []struct {
		name, method, path, accept string
		body                       []byte
	}{
		{"floor", "GET", "/v/floor/floor", "text/html", nil},
		{"page", "GET", badge, "text/html", nil},
		{"report", "GET", badge, "application/json", nil},
		{"json", "GET", badge + ".json", "", nil},
		{"svg", "GET", badge + ".svg", "", nil},
		{"png", "GET", badge + ".png", "", nil},
		{"qr", "GET", badge + "/qr.png", "", nil},
		{"jwks", "GET", "/.well-known/jwks.json", "", nil},
		{"verify", "POST", "/api/verify", "", signed},
	} {
		b.Run(route.name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					req := httptest.NewRequest(route.method, route.path, bytes.NewReader(route.body))
					req.Header.Set("Accept", route.accept)
					req.Header.Set("Content-Type", "application/json")
					rec := httptest.NewRecorder()
					if h.ServeHTTP(rec, req); rec.Code != http.StatusOK {
						b.Errorf("%d %s", rec.Code, rec.Body)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
		})
	}
}
