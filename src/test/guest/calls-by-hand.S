# As probe-int-n, but pushes what INT n would push, and jumps to the stub: that works on every host.

        .include "long64.inc"

        .set    VECTOR, 0x50

main:
        call    install_idt
        call    program_pics
        call    report_ready
        mov     %rsp, %rax
        pushq   $DATA_SELECTOR
        push    %rax
        pushfq
        pushq   $CODE_SELECTOR
        pushq   $asleep
        jmp     stubs + VECTOR * STUB_BYTES
asleep: cli
        hlt
        jmp     asleep
