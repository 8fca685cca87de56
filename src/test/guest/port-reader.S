# Set up like the main guest, but with IF=0 it reads a port for ever: each read is an exit that the next entry completes.

        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
        cli
reading:
        in      $0x21, %al
        jmp     reading
