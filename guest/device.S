# A guest that accesses a device: before it is ready, it reads a command by port and another one by address, and counts
# each that there is like an interrupt with that vector. It sends READY with IF=1. Then it sleeps like pic.

        .include "long64.inc"

        .set    VECTOR_MASK,          0xff

main:
        call    install_idt
        call    program_pics
        mov     $COMMAND_PORT, %edx
read_port:
        in      %dx, %eax
        call    count
        mov     $COMMAND_ADDRESS, %edx
read_memory:
        mov     (%rdx), %eax
        call    count
        mov     $(DOORBELL_READY << 24), %eax
        sti
        mov     $DOORBELL_PORT, %edx
write_port:
        out     %eax, %dx
sleep:  sti
        hlt
        jmp     sleep

# EAX = a command. Destroys EAX.
count:  and     $VECTOR_MASK, %eax
        jz      1f                                    # COMMAND_NONE
        incl    MAILBOX_TAKEN(,%rax,4)
1:      ret
