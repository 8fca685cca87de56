# As pic, but reads a port in a loop with IF=0: each read is an exit that the next KVM_RUN completes.

        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
        cli
reading:
        in      $0x21, %al
        jmp     reading
