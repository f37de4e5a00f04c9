package claude

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
)

// AWSConfig is what the doors to Amazon have in common. Without a Key they take
// what Amazon's own programs would: the environment, the shared files, a web
// identity, single sign-on and, with AllowMetadata, the machine's role.
type AWSConfig struct {
	DoorConfig
	// Region is Amazon's name of the region: "us-east-1". Required.
	Region string
	// Profile is the inference profile that stands before a model's id: "us",
	// "eu", "au"... Empty keeps the work in the region. See PlatformNames.
	Profile string
	// ModelIDs are the ids that this door's models have at Amazon where no rule
	// says so: profiles of your own, by their ARN.
	ModelIDs map[string]string
}

var awsRegion = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`)

func (c AWSConfig) check() error {
	switch {
	case !awsRegion.MatchString(c.Region):
		return errors.New("claude: door: the region is one of Amazon's, like us-east-1")
	case c.Now == nil:
		return errors.New("claude: door: no clock: requests cannot be signed")
	}
	return nil
}

// newAWSCredential chooses how the door proves who calls. bearerEnv is the
// variable of the environment in which this service's own keys lie; it comes
// before signing, as in the vendor's programs.
func newAWSCredential(c AWSConfig, service, bearerEnv string) (credential, error) {
	if c.Key != nil {
		return bearer{c.Key}, nil
	}
	if bearerEnv != "" && os.Getenv(bearerEnv) != "" {
		return bearer{KeyFromEnv(bearerEnv)}, nil
	}
	metadata := imds.ClientDisabled
	if c.AllowMetadata {
		metadata = imds.ClientEnabled
	}
	way, err := c.credentialTransport()
	if err != nil {
		return nil, err
	}
	client := awshttp.NewBuildableClient().WithTimeout(credentialWait).WithTransportOptions(func(tr *http.Transport) {
		tr.Proxy, tr.DialContext, tr.TLSClientConfig = nil, way.DialContext, way.TLSClientConfig
	})
	conf, err := config.LoadDefaultConfig(context.Background(), config.WithRegion(c.Region),
		config.WithHTTPClient(client), config.WithEC2IMDSClientEnableState(metadata))
	if err != nil {
		return nil, fmt.Errorf("claude: door: Amazon's settings on this machine cannot be read: %w", err)
	}
	return &sigV4{
		signer: v4.NewSigner(), source: conf.Credentials, service: service, region: c.Region, now: c.Now,
	}, nil
}

// sigV4 signs requests as Amazon wants it.
type sigV4 struct {
	signer  *v4.Signer
	source  aws.CredentialsProvider // caches by itself
	service string
	region  string
	now     func() time.Time
}

func (s *sigV4) authorize(req *http.Request, body []byte) error {
	who, err := s.source.Retrieve(req.Context())
	if err != nil {
		return fmt.Errorf("claude: door: no credentials of Amazon's: %w", err)
	}
	// A proxy in front of the service may change this header, and what is signed
	// must not change.
	if coding, ok := req.Header["Accept-Encoding"]; ok {
		delete(req.Header, "Accept-Encoding")
		defer func() { req.Header["Accept-Encoding"] = coding }()
	}
	sum := sha256.Sum256(body)
	err = s.signer.SignHTTP(req.Context(), who, req, hex.EncodeToString(sum[:]), s.service, s.region, s.now())
	if err != nil {
		return fmt.Errorf("claude: door: sign: %w", err)
	}
	return nil
}

// credentialWait bounds one step of fetching credentials.
const credentialWait = 30 * time.Second

// credentialTransport is how credentials are fetched; it never carries a call.
// It obeys no proxy variable either, and reaches the metadata service only where
// that was allowed by name.
func (c DoorConfig) credentialTransport() (*http.Transport, error) {
	conf, err := c.tls()
	if err != nil {
		return nil, err
	}
	reach := c.reach()
	if c.AllowMetadata {
		reach |= reachMetadata
	}
	return newTransport(c.Wait.orDefault(), reach, conf), nil
}
