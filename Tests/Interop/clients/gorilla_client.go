// What page.html does, by Go's HTTP client and gorilla/websocket: gorilla_client http://localhost:PORT/ [CA]
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func main() {
	base := os.Args[1]
	trust := &tls.Config{RootCAs: x509.NewCertPool()}
	if len(os.Args) > 2 {
		text, err := os.ReadFile(os.Args[2])
		must(err)
		trust.RootCAs.AppendCertsFromPEM(text)
	}
	// Asks for HTTP/2 too, as Go does by itself, and waits for 100 before a body.
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: trust, ForceAttemptHTTP2: true, ExpectContinueTimeout: 10 * time.Second}}

	answer, err := client.Get(base + "told")
	must(err)
	told := map[string]interface{}{}
	must(json.NewDecoder(answer.Body).Decode(&told))
	if strings.Contains(base, "//"+told["host"].(string)+"/") {
		fmt.Print("host ")
	}

	request, err := http.NewRequest("POST", base+"length", io.LimitReader(zeros{}, 100000))
	must(err)
	request.Header.Set("Expect", "100-continue")
	answer, err = client.Do(request)
	must(err)
	counted := map[string]interface{}{}
	must(json.NewDecoder(answer.Body).Decode(&counted))
	fmt.Printf("body:%v ", counted["bytes"])

	answer, err = client.Get(base + "events")
	must(err)
	line, err := bufio.NewReader(answer.Body).ReadString('\n')
	must(err)
	if strings.HasPrefix(line, "data: 0") {
		fmt.Print("event ")
	}
	answer.Body.Close()

	dialer := websocket.Dialer{TLSClientConfig: trust, Subprotocols: []string{"v1", "v2"}, EnableCompression: true}
	socket, _, err := dialer.Dial("ws"+strings.TrimPrefix(base, "http")+"socket", nil)
	must(err)
	fmt.Printf("subprotocol:%s ", socket.Subprotocol())
	must(socket.WriteMessage(websocket.TextMessage, []byte("grüße")))
	_, data, err := socket.ReadMessage()
	must(err)
	fmt.Printf("%s ", data)
	must(socket.WriteMessage(websocket.BinaryMessage, make([]byte, 1000000)))
	_, data, err = socket.ReadMessage()
	must(err)
	fmt.Printf("%d ", len(data))
	must(socket.WriteMessage(websocket.TextMessage, []byte("close 4001 enough")))
	_, _, err = socket.ReadMessage()
	if end, ok := err.(*websocket.CloseError); ok {
		fmt.Printf("closed:%d:%s\n", end.Code, end.Text)
	}
}

type zeros struct{}

func (zeros) Read(part []byte) (int, error) {
	return len(part), nil
}
