// The package manager gives every executable a `main` under a name of its own and has the linker call that, so libFuzzer's
// is never found. These do what it does.
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t size));

#define FUZZER(name)                                                       \
    int name##_main(int argc, char **argv) {                               \
        return LLVMFuzzerRunDriver(&argc, &argv, LLVMFuzzerTestOneInput); \
    }

FUZZER(FuzzRequestHead)
FUZZER(FuzzResponseHead)
FUZZER(FuzzBodies)
FUZZER(FuzzStaticFiles)
FUZZER(FuzzTunnelFrames)
FUZZER(FuzzProxyHeader)
FUZZER(FuzzFrames)
FUZZER(FuzzUTF8)
FUZZER(FuzzRecords)
FUZZER(FuzzRecordEncoder)
FUZZER(FuzzShellWords)
FUZZER(FuzzConfigurationFile)
FUZZER(FuzzTokenMap)
