package cmd

import (
	"go/ast"
	"go/token"
	"slices"
)

// unrepeatable: what is handed to an act, or to a transaction that writes, may be
// run again (a deadlock, a signature of a neighbour that fails), and is to find what
// it found the first time. So it assigns nothing that was declared outside of it,
// and gives nobody the address of such a thing. What only reads runs once.
func unrepeatable(s *source, n ast.Node) string {
	call, ok := n.(*ast.CallExpr)
	if !ok || s.test || slices.Contains([]string{"look", "Read"}, called(call)) {
		return ""
	}
	for _, arg := range call.Args {
		lit, ok := arg.(*ast.FuncLit)
		if !ok || !transacts(lit) {
			continue
		}
		if name := reaches(lit); name != "" {
			return name + " is of outside an act that may be run again: take a copy within, or give it back as the result"
		}
	}
	return ""
}

// called is the name of the function that a call is of.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// transacts tells whether a function takes an act or a transaction.
func transacts(lit *ast.FuncLit) bool {
	return slices.ContainsFunc(lit.Type.Params.List, func(p *ast.Field) bool {
		star, ok := p.Type.(*ast.StarExpr)
		if !ok {
			return false
		}
		switch of := star.X.(type) {
		case *ast.Ident:
			return of.Name == "work" || of.Name == "Tx"
		case *ast.SelectorExpr:
			return of.Sel.Name == "Tx"
		}
		return false
	})
}

// reaches gives a name that a function changes, or takes the address of, without
// declaring it.
func reaches(lit *ast.FuncLit) (name string) {
	own := declared(lit)
	look := func(e ast.Expr) {
		if id := root(e); id != nil && id.Name != "_" && !own[id.Name] && name == "" {
			name = id.Name
		}
	}
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				look(left)
			}
		case *ast.IncDecStmt:
			look(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				look(n.X)
			}
		}
		return true
	})
	return name
}

// declared are the names that a function declares anywhere in it.
func declared(lit *ast.FuncLit) map[string]bool {
	names := map[string]bool{}
	keep := func(e ast.Expr) {
		if id, ok := e.(*ast.Ident); ok {
			names[id.Name] = true
		}
	}
	ast.Inspect(lit, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				for _, left := range n.Lhs {
					keep(left)
				}
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				keep(n.Key)
				keep(n.Value)
			}
		case *ast.Field:
			for _, id := range n.Names {
				keep(id)
			}
		case *ast.ValueSpec:
			for _, id := range n.Names {
				keep(id)
			}
		}
		return true
	})
	return names
}

// root is what an expression such as a.b[c].d begins with; nil where that is no
// name, or where a field was reached by way of a call.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}
