# A puppet in real mode: it fetches an order by an IN, obeys, reports by an OUT where there is something to report, and
# fetches the next. So a test on the host can reach what only a guest reaches: the ports of the kernel's 8259s, and the
# vector that they hand to a CPU. It never halts, so the host gets it back whatever the 8259s do.
#
# An order is 32 bits: the port in 15:0, the value in 23:16, the verb in 31:24. PuppetGuest.java has the same numbers.

        .set    ORDER_PORT,           0x0b10
        .set    REPORT_PORT,          0x0b12          # 16 bits: a value read, a vector taken, or REPORT_OPEN
        .set    ORDER_WRITE,          0
        .set    ORDER_READ,           1               # ORDER_OPEN is any other verb
        .set    REPORT_OPEN,          0xffff          # open to interrupts at this moment

        .set    VECTORS,              256
        .set    STUB_BYTES,           8

        .code16
        .section .text.start, "ax"
        .globl  _start
_start:
        xor     %ax, %ax
        mov     %ax, %ds
        mov     %ax, %es
        mov     %ax, %ss

# The vector table lies at 0, where IDTR points after reset. An entry is offset, then segment; every segment here is 0.
        mov     $stubs, %ax
        xor     %di, %di
        mov     $VECTORS, %cx
1:      mov     %ax, (%di)
        movw    $0, 2(%di)
        add     $STUB_BYTES, %ax
        add     $4, %di
        loop    1b

next:   mov     $stack_top, %sp                       # drops what an interrupt pushed: nobody returns from one
        mov     $ORDER_PORT, %dx
        in      %dx, %eax
        mov     %ax, %dx
        shr     $16, %eax
        cmp     $ORDER_READ, %ah
        ja      open
        je      read
        out     %al, %dx
        jmp     next

read:   in      %dx, %al
        xor     %ah, %ah
        jmp     report

# Whatever waits comes in at the OUT at the latest: real CPUs take it before, KVM's emulator looks at every exit.
open:   mov     $REPORT_OPEN, %ax
        mov     $REPORT_PORT, %dx
        sti
        nop                                           # the shadow of STI ends behind it
        out     %ax, %dx
        cli
        jmp     next

# The CPU has closed IF; the flags that it pushed are dropped with the rest.
report: mov     $REPORT_PORT, %dx
        out     %ax, %dx
        jmp     next

        .text
        .balign STUB_BYTES
        .globl  stubs, stubs_end
stubs:
        .set    vector, 0
        .rept   VECTORS
        .balign STUB_BYTES
        mov     $vector, %ax
        jmp     report
        .set    vector, vector + 1
        .endr
        .balign STUB_BYTES
stubs_end:

        .bss
        .balign 16
        .skip   64
stack_top:
