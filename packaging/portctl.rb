# Homebrew's formula for macOS, to be put into a tap; for Linux there are the Debian package and the tarball. The
# release workflow replaces the words between @ with the homepage, and the address and checksum of the source.
class Portctl < Formula
  desc "One authority for the ports of your machine"
  homepage "@HOMEPAGE@"
  url "@URL@"
  sha256 "@SHA256@"
  license "MIT"

  depends_on xcode: ["26.0", :build]
  depends_on macos: :sequoia

  uses_from_macos "python" => :build
  uses_from_macos "swift" => :build
  uses_from_macos "sqlite"

  def install
    # SwiftPM cannot create its sandbox within Homebrew's.
    system "make", "build", "SWIFT_EXTRA_FLAGS=--disable-sandbox"
    bin.install "bin/portctl", "bin/port-server"
    %w[get-port release-port list-ports port-manager].each do |name|
      bin.install_symlink bin/"portctl" => name
    end

    system "scripts/make-man-pages.py", bin, "man"
    man1.install Dir["man/*.1"]
    system "scripts/package-completions.sh", bin, "completions"
    bash_completion.install Dir["completions/bash/*"]
    zsh_completion.install Dir["completions/zsh/*"]
    fish_completion.install Dir["completions/fish/*"]
  end

  # Optional: a command that needs the daemon starts it.
  service do
    run opt_bin/"port-server"
    keep_alive successful_exit: false
    process_type :interactive
    error_log_path var/"log/port-server.log"
  end

  test do
    ENV["PORT_SERVER_HOME"] = (testpath/"registry").to_s
    ENV["PORT_SERVER_LISTEN"] = "127.0.0.1:0"
    begin
      port = shell_output("#{bin}/portctl port brew/main/web").strip
      assert_match(/\A\d+\z/, port)
      assert_equal port, shell_output("#{bin}/portctl port brew/main/web").strip
      assert_match port, shell_output("#{bin}/list-ports")
      assert_match version.to_s, shell_output("#{bin}/portctl version")
    ensure
      system bin/"portctl", "stop"
    end
  end
end
