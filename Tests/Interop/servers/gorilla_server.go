// Go's HTTP server with gorilla/websocket, as Debian packages it: GO111MODULE=off GOPATH=/usr/share/gocode go build.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

var closed atomic.Int64

func optional(request *http.Request, name string) interface{} {
	if value := request.Header.Get(name); value != "" {
		return value
	}
	return nil
}

func seen(request *http.Request) map[string]interface{} {
	return map[string]interface{}{
		"method": request.Method, "target": request.RequestURI, "host": request.Host,
		"origin": optional(request, "Origin"), "cookie": optional(request, "Cookie"),
		"forwarded": optional(request, "X-Forwarded-For")}
}

func tell(writer http.ResponseWriter, value interface{}) {
	writer.Header().Set("Content-Type", "application/json")
	json.NewEncoder(writer).Encode(value)
}

func length(writer http.ResponseWriter, request *http.Request) {
	digest := sha256.New()
	count, _ := io.Copy(digest, request.Body)
	tell(writer, map[string]interface{}{"bytes": count, "sha256": hex.EncodeToString(digest.Sum(nil))})
}

func events(writer http.ResponseWriter, request *http.Request) {
	writer.Header().Set("Content-Type", "text/event-stream")
	io.WriteString(writer, "data: 0\n\n")
	writer.(http.Flusher).Flush()
	select {
	case <-request.Context().Done():
	case <-time.After(20 * time.Second):
		io.WriteString(writer, "data: 1\n\n")
	}
}

// The check of the origin is gorilla's own: it must be that of Host.
var upgrader = websocket.Upgrader{Subprotocols: []string{"v2"}, EnableCompression: true}

func talk(writer http.ResponseWriter, request *http.Request) {
	socket, err := upgrader.Upgrade(writer, request, nil)
	if err != nil {
		return
	}
	defer socket.Close()
	socket.SetPongHandler(func(string) error { return socket.WriteMessage(websocket.TextMessage, []byte("pong")) })
	for {
		kind, data, err := socket.ReadMessage()
		if err != nil {
			if end, ok := err.(*websocket.CloseError); ok {
				closed.Store(int64(end.Code))
			}
			return
		}
		words := strings.Fields(string(data[:min(len(data), 100)]))
		switch {
		case kind == websocket.TextMessage && string(data) == "told":
			socket.WriteJSON(seen(request))
		case kind == websocket.TextMessage && string(data) == "ping":
			socket.WriteControl(websocket.PingMessage, []byte("!"), time.Now().Add(time.Second))
		case kind == websocket.TextMessage && len(words) == 3 && words[0] == "close":
			code, _ := strconv.Atoi(words[1])
			message := websocket.FormatCloseMessage(code, words[2])
			socket.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second))
		default:
			socket.WriteMessage(kind, data)
		}
	}
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func main() {
	page := os.Args[1]
	http.HandleFunc("/page", func(writer http.ResponseWriter, request *http.Request) {
		http.ServeFile(writer, request, page)
	})
	told := func(writer http.ResponseWriter, request *http.Request) { tell(writer, seen(request)) }
	http.HandleFunc("/told", told)
	http.HandleFunc("/told/", told)
	http.HandleFunc("/length", length)
	http.HandleFunc("/events", events)
	http.HandleFunc("/socket", talk)
	http.HandleFunc("/closed", func(writer http.ResponseWriter, request *http.Request) {
		io.WriteString(writer, strconv.FormatInt(closed.Load(), 10))
	})
	http.HandleFunc("/refused", func(writer http.ResponseWriter, request *http.Request) {
		writer.Header().Set("X-Reason", "interop")
		writer.WriteHeader(403)
		io.WriteString(writer, "no entry\n")
	})
	address := "127.0.0.1:" + os.Args[len(os.Args)-1]
	if certificate := os.Getenv("TLS_CERT"); certificate != "" {
		panic(http.ListenAndServeTLS(address, certificate, os.Getenv("TLS_KEY"), nil))
	}
	panic(http.ListenAndServe(address, nil))
}
