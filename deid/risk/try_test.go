package risk
import ("testing";"fmt";"bufio";"os")
func TestTry(t *testing.T){
 j,_:=NewJudge()
 f,_:=os.Open("/tmp/try.txt")
 s:=bufio.NewScanner(f)
 for s.Scan(){ r:=j.Of(s.Text()); fmt.Printf("%s\n  E=%.4g score=%.2f likely=%v high=%v\n",s.Text(),r.Expected,r.Score,r.Likely,r.High)
 for _,x:=range r.Reasons{fmt.Println("   ",x.Kind,":",x.Text)}
 fmt.Println("   cats",j.Categories(s.Text()))
 }
}
